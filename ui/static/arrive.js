"use strict";
// To load one's own address counts as a reload, which is the other site's request still: so it is left for a moment.
const here = location.href;
history.replaceState(null, "", "/arriving");
location.replace(here);
