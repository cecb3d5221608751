# What: listings.grams replaces nothing any more: users.phone goes. Why: nobody calls. Impact: instant.
class DropOldWeight < ActiveRecord::Migration[8.1]
  def change
    safety_assured { remove_column :users, :phone, :string }
  end
end
