# What: audit_events. Why: staff can change listings, members ask who did. Impact: new table. Trigger refuses UPDATE and DELETE.
class CreateAuditEvents < ActiveRecord::Migration[8.0]
  def change
    create_table :audit_events do |t|
      t.references :user, null: true, foreign_key: { on_delete: :nullify }
      t.string :action, null: false, limit: 40
      t.references :subject, polymorphic: true, null: false
      t.inet :ip, null: false
      t.string :request_id, null: false
      t.datetime :created_at, null: false, index: true
    end
    reversible do |d|
      d.up do
        execute <<~SQL
          create function audit_events_frozen() returns trigger language plpgsql as $$ begin raise exception 'insert only'; end $$;
          create trigger frozen before delete or update of action, subject_id, ip, created_at on audit_events for each row execute function audit_events_frozen();
        SQL
      end
      d.down { execute "drop trigger frozen on audit_events; drop function audit_events_frozen()" }
    end
  end
end
