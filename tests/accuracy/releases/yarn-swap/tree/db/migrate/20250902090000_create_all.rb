# What: first tables. Why: day one. Impact: empty database.
class CreateAll < ActiveRecord::Migration[8.0]
  def change
    create_table :users do |t|
      t.string :name, null: false, limit: 60
      t.string :email_address, null: false, index: { unique: true }
      t.string :password_digest, null: false
      t.string :street, limit: 510
      t.string :otp_secret, limit: 510
      t.boolean :staff, null: false, default: false
      t.integer :failures, null: false, default: 0
      t.datetime :locked_until
      t.datetime :left_at, index: true
      t.timestamps
      t.check_constraint "failures >= 0", name: "failures_positive"
    end
    create_table :sessions do |t|
      t.references :user, null: false, foreign_key: { on_delete: :cascade }
      t.string :ip_address
      t.string :user_agent
      t.boolean :second_factor, null: false, default: false
      t.timestamps
    end
    create_table :listings do |t|
      t.references :user, null: false, foreign_key: { on_delete: :cascade }
      t.string :title, null: false, limit: 80
      t.text :about, null: false, default: ""
      t.string :weight, null: false, limit: 10
      t.integer :grams, null: false
      t.datetime :closed_at
      t.timestamps
      t.index :created_at, where: "closed_at is null"
      t.check_constraint "grams between 10 and 5000", name: "grams_sane"
      t.check_constraint "weight in ('lace', 'sock', 'dk', 'aran', 'bulky')", name: "weight_known"
    end
    create_table :offers do |t|
      t.references :listing, null: false, foreign_key: { on_delete: :cascade }
      t.references :user, null: false, foreign_key: { on_delete: :cascade }
      t.string :message, null: false, limit: 500
      t.string :state, null: false, default: "open"
      t.timestamps
      t.index %i[listing_id user_id], unique: true
      t.check_constraint "state in ('open', 'accepted', 'declined')", name: "state_known"
    end
    create_table :consents do |t|
      t.references :user, null: false, foreign_key: { on_delete: :cascade }
      t.string :purpose, null: false, limit: 20
      t.boolean :given, null: false
      t.datetime :created_at, null: false
    end
  end
end
