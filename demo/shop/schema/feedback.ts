/** What customers say, and what the shop remembers: every change of a price is logged by a trigger. */
export const feedback: string = /* sql */ `
create table reviews (
  id int generated always as identity primary key,
  product_id int not null references products on delete cascade,
  customer_id int not null references customers on delete cascade,
  stars int not null check (stars between 1 and 5),
  body text not null,
  unique (product_id, customer_id)
);
create index reviews_stars on reviews (product_id, stars);

create table audit_log (
  id int generated always as identity primary key,
  product_id int not null,
  old_price_cents int not null,
  new_price_cents int not null
);

create function log_price_change() returns trigger language plpgsql as $$
begin
  insert into audit_log (product_id, old_price_cents, new_price_cents)
  values (new.id, old.price_cents, new.price_cents);
  return new;
end $$;

create trigger log_price_change after update of price_cents on products
  for each row when (old.price_cents <> new.price_cents) execute function log_price_change();
`
