/** What lies where, and what is on its way. Every movement is booked onto the stock by a trigger. */
export const warehouse: string = /* sql */ `
create table warehouses (
  id int generated always as identity primary key,
  code char(3) not null unique,
  city text not null
);

create table stock (
  warehouse_id int not null references warehouses,
  product_id int not null references products on delete cascade,
  on_hand int not null default 0,
  primary key (warehouse_id, product_id),
  constraint stock_never_negative check (on_hand >= 0)
);
create index stock_product on stock (product_id);

create table stock_movements (
  id int generated always as identity primary key,
  warehouse_id int not null,
  product_id int not null,
  quantity int not null check (quantity <> 0),
  reason text not null check (reason in ('delivery', 'sale', 'return', 'stocktake')),
  foreign key (warehouse_id, product_id) references stock on delete cascade
);
create index stock_movements_stock on stock_movements (warehouse_id, product_id);

create table shipments (
  id int generated always as identity primary key,
  order_id int not null references orders on delete cascade,
  warehouse_id int not null references warehouses,
  shipped_on date not null
);
create index shipments_order on shipments (order_id);

create table shipment_items (
  shipment_id int not null references shipments on delete cascade,
  order_item_id int not null unique references order_items on delete cascade,
  primary key (shipment_id, order_item_id)
);

create function book_stock_movement() returns trigger language plpgsql as $$
begin
  update stock set on_hand = on_hand + new.quantity
   where warehouse_id = new.warehouse_id and product_id = new.product_id;
  return new;
end $$;

create trigger book_stock_movement after insert on stock_movements
  for each row execute function book_stock_movement();
`
