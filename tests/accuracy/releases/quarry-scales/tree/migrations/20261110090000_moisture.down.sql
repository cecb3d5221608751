alter table weighings drop column moisture;
