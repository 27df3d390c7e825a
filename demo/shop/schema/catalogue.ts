/** What the shop sells. */
export const catalogue: string = /* sql */ `
create table brands (
  id int generated always as identity primary key,
  name text not null unique,
  country char(2) not null
);

create table categories (
  id int generated always as identity primary key,
  parent_id int references categories,
  slug text not null unique,
  check (parent_id <> id)
);
create index categories_parent on categories (parent_id);

create table products (
  id int generated always as identity primary key,
  brand_id int not null references brands,
  sku text not null unique,
  name text not null,
  price_cents int not null check (price_cents > 0),
  discontinued boolean not null default false
);
create index products_brand on products (brand_id);
create index products_name on products (lower(name));
create index products_on_sale on products (price_cents) where not discontinued;

create table product_categories (
  product_id int not null references products on delete cascade,
  category_id int not null references categories,
  primary key (product_id, category_id)
);
create index product_categories_category on product_categories (category_id);

create table product_images (
  id int generated always as identity primary key,
  product_id int not null references products on delete cascade,
  position int not null check (position >= 0),
  url text not null check (url like 'https://%'),
  unique (product_id, position)
);

create table price_history (
  id int generated always as identity primary key,
  product_id int not null references products on delete cascade,
  price_cents int not null check (price_cents > 0),
  valid_from date not null,
  unique (product_id, valid_from)
);

create table tags (
  id int generated always as identity primary key,
  label text not null unique check (label = lower(label))
);

create table product_tags (
  product_id int not null references products on delete cascade,
  tag_id int not null references tags on delete cascade,
  primary key (product_id, tag_id)
);

create table attributes (
  id int generated always as identity primary key,
  name text not null unique
);

create table product_attributes (
  product_id int not null references products on delete cascade,
  attribute_id int not null references attributes,
  value text not null,
  primary key (product_id, attribute_id)
);
create index product_attributes_value on product_attributes (attribute_id, value);
`
