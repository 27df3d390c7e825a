console.log('lazy module evaluated')

export let evaluations = 0
evaluations++
export const raise = (): number => ++evaluations
