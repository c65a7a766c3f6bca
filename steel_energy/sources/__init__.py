"""Where raw readings come from: a file, the UCI archive or the simulated plant."""
