-- What moves stock by a document of its own moves each product once.
create unique index concurrently movements_once on movements (source_id, product_id) where source_id is not null;
