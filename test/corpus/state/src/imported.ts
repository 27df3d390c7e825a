export let count = 0

export function up(): void {
  count++
}
