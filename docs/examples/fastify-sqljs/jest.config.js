module.exports = {
  preset: 'forkpoint',
  testEnvironmentOptions: { forkpoint: { report: 'report.json' } },
}
