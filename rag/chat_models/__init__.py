"""Chat models: opened by name or given as objects, asked within limits and a budget, believed by nobody."""
