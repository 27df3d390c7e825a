/** Carts, orders and money. Order numbers come from a sequence of their own. */
export const sales: string = /* sql */ `
create table carts (
  id int generated always as identity primary key,
  customer_id int not null unique references customers on delete cascade,
  touched_on date not null
);

create table cart_items (
  cart_id int not null references carts on delete cascade,
  product_id int not null references products,
  quantity int not null check (quantity between 1 and 99),
  primary key (cart_id, product_id)
);

create sequence order_numbers start 10001;

create table orders (
  id int generated always as identity primary key,
  number int not null unique default nextval('order_numbers'),
  customer_id int not null references customers,
  address_id int references addresses on delete set null,
  state text not null default 'open' check (state in ('open', 'paid', 'shipped', 'cancelled')),
  placed_on date not null
);
create index orders_customer on orders (customer_id);
create index orders_open on orders (placed_on) where state = 'open';

create table order_items (
  id int generated always as identity primary key,
  order_id int not null references orders on delete cascade,
  product_id int not null references products,
  quantity int not null check (quantity > 0),
  price_cents int not null check (price_cents > 0),
  unique (order_id, product_id)
);
create index order_items_product on order_items (product_id);

create table payments (
  id int generated always as identity primary key,
  order_id int not null references orders,
  method text not null check (method in ('card', 'invoice', 'transfer')),
  amount_cents int not null check (amount_cents > 0)
);
create index payments_order on payments (order_id);

create table refunds (
  id int generated always as identity primary key,
  payment_id int not null unique references payments,
  amount_cents int not null check (amount_cents > 0)
);

create table coupons (
  id int generated always as identity primary key,
  code text not null unique,
  percent int not null check (percent between 1 and 90)
);

create table coupon_uses (
  coupon_id int not null references coupons,
  order_id int not null unique references orders on delete cascade,
  primary key (coupon_id, order_id)
);

create view order_totals as
  select o.id, o.number, o.state, count(i.id)::int as lines, sum(i.quantity * i.price_cents)::int as total_cents
    from orders o join order_items i on i.order_id = o.id
   group by o.id;
`
