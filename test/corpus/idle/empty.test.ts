export const nothing = 'no tests here'
