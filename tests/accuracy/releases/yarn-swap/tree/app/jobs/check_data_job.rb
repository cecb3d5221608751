class CheckDataJob < ApplicationJob
  QUERIES = {
    two_accepted: "select listing_id from offers where state = 'accepted' group by 1 having count(*) > 1",
    closed_without_offer: "select l.id from listings l where closed_at is not null and not exists (select 1 from offers o where o.listing_id = l.id and o.state = 'accepted')",
    future: "select id from listings where created_at > now()"
  }.freeze

  def perform
    QUERIES.each do |name, sql|
      rows = ApplicationRecord.connection.select_values(sql)
      Rails.error.report(RuntimeError.new("data: #{name}"), handled: true, context: { rows: rows.first(20) }) if rows.any?
      Rails.logger.info({ message: "data checked", name:, wrong: rows.size }.to_json)
    end
  end
end
