# What: users.phone, nullable. Why: couriers. Impact: instant.
class AddPhoneToUsers < ActiveRecord::Migration[8.0]
  def change = add_column(:users, :phone, :string, limit: 30)
end
