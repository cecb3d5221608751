alter table slots drop column pickup_note;
