-- A product that came without SKU is found again by its handle and options; its SKU is only a name for it.

alter table products add column sku_derived boolean not null default false;
create index products_of_handle on products (handle) where handle is not null;

-- Prices of different currencies cannot be compared: an order by price goes through one currency after the other.
create index products_by_currency_and_price on products (currency, price, id) where status = 'active';
create index products_of_category_by_currency_and_price on products (category, currency, price, id) where status = 'active';
drop index products_by_price;
drop index products_of_category_by_price;

-- Which rules the search document was made by; older ones are made anew while the service runs.
alter table products add column document_rules smallint not null default 1;
create index products_of_older_documents on products (id) where document_rules < 2;
