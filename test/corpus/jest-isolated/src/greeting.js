const { hour } = require('./clock.js')

exports.greet = name => (hour() < 12 ? `Good morning, ${name}` : `Hello, ${name}`)
