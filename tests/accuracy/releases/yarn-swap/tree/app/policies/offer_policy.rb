class OfferPolicy < ApplicationPolicy
  def create? = user.present? && record.listing.user != user
  def accept? = record.listing.user == user
end
