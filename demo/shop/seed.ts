/** Some 5,000 rows, the same on every run: one statement per table, computed inside the database. */
export const seed: string = /* sql */ `
insert into brands (name, country) select 'Brand ' || n, (array['DE', 'FR', 'IT', 'SE'])[n % 4 + 1] from generate_series(1, 20) n;
insert into categories (parent_id, slug) select null, 'root-' || n from generate_series(1, 6) n;
insert into categories (parent_id, slug) select n % 6 + 1, 'category-' || n from generate_series(1, 24) n;
insert into products (brand_id, sku, name, price_cents, discontinued)
  select n % 20 + 1, 'SKU-' || lpad(n::text, 5, '0'), 'Product ' || n, 499 + n * 37 % 20000, n % 25 = 0 from generate_series(1, 300) n;
insert into product_categories select n, (n * step) % 24 + 7 from generate_series(1, 300) n, generate_series(1, 2) step
  on conflict do nothing;
insert into product_images (product_id, position, url)
  select n, 0, 'https://shop.example/' || n || '.webp' from generate_series(1, 300) n;
insert into price_history (product_id, price_cents, valid_from)
  select id, price_cents, date '2024-01-01' from products;
insert into tags (label) select 'tag-' || n from generate_series(1, 25) n;
insert into product_tags select n % 300 + 1, n % 25 + 1 from generate_series(1, 400) n on conflict do nothing;
insert into attributes (name) select 'attribute-' || n from generate_series(1, 10) n;
insert into product_attributes select n, n % 10 + 1, 'value ' || n % 7 from generate_series(1, 300) n;

insert into customers (email, name, joined_on)
  select 'customer' || n || '@mail.example', 'Customer ' || n, date '2023-01-01' + n from generate_series(1, 200) n;
insert into addresses (customer_id, street, postcode, city)
  select n % 200 + 1, n || ' Long Street', lpad((n * 97)::text, 5, '0'), 'City ' || n % 40 from generate_series(1, 300) n;
insert into consents select n, (array['email', 'post', 'profiling'])[n % 3 + 1], date '2024-02-01' from generate_series(1, 200) n;
insert into loyalty_accounts select n, n * 10 from generate_series(1, 100) n;
insert into employees (manager_id, name, department)
  select nullif(n / 4, 0), 'Employee ' || n, (array['sales', 'stock', 'support'])[n % 3 + 1] from generate_series(1, 12) n;

insert into carts (customer_id, touched_on) select n * 2, date '2024-06-01' from generate_series(1, 50) n;
insert into cart_items select n % 50 + 1, n, n % 5 + 1 from generate_series(1, 100) n;
insert into orders (customer_id, address_id, state, placed_on)
  select n % 200 + 1, n, (array['open', 'paid', 'shipped', 'shipped', 'cancelled'])[n % 5 + 1], date '2024-03-01' + n % 90
    from generate_series(1, 250) n;
insert into order_items (order_id, product_id, quantity, price_cents)
  select n % 250 + 1, n * 7 % 300 + 1, n % 4 + 1, 499 + n * 37 % 20000 from generate_series(1, 500) n;
insert into payments (order_id, method, amount_cents)
  select id, (array['card', 'invoice', 'transfer'])[id % 3 + 1], total_cents from order_totals where state in ('paid', 'shipped') order by id;
insert into refunds (payment_id, amount_cents) select id, 100 from payments where id % 10 = 0;
insert into coupons (code, percent) select 'COUPON' || n, n * 5 from generate_series(1, 10) n;
insert into coupon_uses select n % 10 + 1, n * 6 from generate_series(1, 40) n;

insert into warehouses (code, city) values ('BER', 'Berlin'), ('LYS', 'Lyon'), ('MIL', 'Milan');
insert into stock (warehouse_id, product_id) select n % 3 + 1, n from generate_series(1, 300) n;
insert into stock_movements (warehouse_id, product_id, quantity, reason)
  select n % 3 + 1, n, 10 + n % 50, 'delivery' from generate_series(1, 300) n;
insert into shipments (order_id, warehouse_id, shipped_on)
  select id, id % 3 + 1, placed_on + 2 from orders where state = 'shipped' order by id;
insert into shipment_items select s.id, i.id from shipments s join order_items i on i.order_id = s.order_id;

insert into reviews (product_id, customer_id, stars, body)
  select n, n, n % 5 + 1, 'Review ' || n from generate_series(1, 200) n;
analyze;
`
