-- The provider's refunds of one charge, for its statements.
create index refunds_by_charge on sandbox.refunds (charge_key);
