export const other = []
export const shared = other
