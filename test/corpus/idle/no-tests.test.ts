import { describe } from 'vitest'

describe('without tests', () => {})
