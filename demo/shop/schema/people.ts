/** Who buys, and who works there. */
export const people: string = /* sql */ `
create table customers (
  id int generated always as identity primary key,
  email text not null,
  name text not null,
  joined_on date not null,
  check (position('@' in email) > 1)
);
create unique index customers_email on customers (lower(email));
create index customers_joined on customers (joined_on);

create table addresses (
  id int generated always as identity primary key,
  customer_id int not null references customers on delete cascade,
  street text not null,
  postcode text not null check (postcode ~ '^[0-9]{5}$'),
  city text not null
);
create index addresses_customer on addresses (customer_id);

create table consents (
  customer_id int not null references customers on delete cascade,
  purpose text not null check (purpose in ('email', 'post', 'profiling')),
  given_on date not null,
  primary key (customer_id, purpose)
);

create table loyalty_accounts (
  customer_id int primary key references customers on delete cascade,
  points int not null default 0 check (points >= 0)
);

create table employees (
  id int generated always as identity primary key,
  manager_id int references employees,
  name text not null,
  department text not null check (department in ('sales', 'stock', 'support'))
);
create index employees_manager on employees (manager_id);
`
