exports.hour = () => new Date().getHours()
exports.later = callback => setTimeout(callback, 1000)
