require "test_helper"

class ListingTest < ActiveSupport::TestCase
  [ 9, 5001, nil, "x" ].each do |grams|
    test "refuses #{grams.inspect} grams" do
      assert_not Listing.new(user: users(:ann), title: "Merino", weight: "dk", grams:).valid?
    end
  end

  test "an accepted offer closes the listing, once" do
    offers(:one).accept!
    assert_raises(ActiveRecord::RecordInvalid) { offers(:two).accept! }
  end
end
