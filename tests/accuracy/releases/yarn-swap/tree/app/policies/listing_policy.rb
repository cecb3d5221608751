class ListingPolicy < ApplicationPolicy; end
