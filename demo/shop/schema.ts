import { catalogue } from './schema/catalogue.ts'
import { feedback } from './schema/feedback.ts'
import { people } from './schema/people.ts'
import { sales } from './schema/sales.ts'
import { warehouse } from './schema/warehouse.ts'

/** The whole schema as one script: 30 tables, in the order their foreign keys ask for. */
export const schema: string = [catalogue, people, sales, warehouse, feedback].join('\n')
