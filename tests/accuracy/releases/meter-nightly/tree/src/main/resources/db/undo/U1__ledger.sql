drop table usage, files; drop function drop_usage_before;
