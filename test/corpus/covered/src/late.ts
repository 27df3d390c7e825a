export function late(flag: boolean): string {
  if (flag) return 'on'
  return 'off'
}
export const never = (): number => 7
