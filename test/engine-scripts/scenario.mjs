// What the scripts of the engine contract share. They import the built package by its name, as users do.

/** The script's own main: runs the scenario that the command line names and prints what it returns. */
export async function runScenario(scenarios) {
  const value = await scenarios[process.argv[2]]()
  process.stdout.write(JSON.stringify(value))
}

/** What a promise was rejected with, as plain data. */
export async function errorOf(promise) {
  try {
    return { value: await promise }
  } catch (error) {
    return { name: error.name, code: error.code, message: error.message }
  }
}
