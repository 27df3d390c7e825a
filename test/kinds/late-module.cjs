// Loaded in a run for the first time.
exports.visits = 0
