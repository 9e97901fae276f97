-- Which products show a picture.
create index concurrently products_with_images on products using gin (images jsonb_path_ops) where images <> '[]';
