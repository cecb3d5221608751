drop table audit;
drop function audit_chain;
drop function audit_frozen;
