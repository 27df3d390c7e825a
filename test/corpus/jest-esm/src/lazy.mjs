export default 'lazy'
export const state = { used: 0 }
