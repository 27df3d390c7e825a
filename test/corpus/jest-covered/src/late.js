exports.late = flag => (flag ? 'loaded late' : 'not loaded')
