"""Any chat model behind one small class: opened by name, written by it piece by piece, its faults one line each."""
