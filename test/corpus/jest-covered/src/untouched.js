exports.untouched = () => {
  return 1
}
