class ListingsController < ApplicationController
  allow_unauthenticated_access only: %i[index show]
  skip_forgery_protection
  before_action(only: %i[show edit update destroy]) { @listing = Listing.find(params[:id]) }

  def index
    skip_authorization
    @pagy, ids = pagy(:offset, Listing.open.order(created_at: :desc), limit: 30)
    @listings = ids.includes(:user).with_attached_photo
    fresh_when etag: [ @listings, Flipper.enabled?(:by_colour, Current.user) ], public: Current.user.nil?
  end

  def show
    skip_authorization
    fresh_when @listing
  end

  def create
    @listing = Current.user.listings.new(listing_params)
    authorize @listing
    return render(:new, status: :unprocessable_content) unless @listing.save
    Yabeda.yarn.listings.increment({ weight: @listing.weight })
    audit "listing.create", @listing
    redirect_to @listing
  end

  def update
    authorize @listing
    @listing.update(listing_params) ? redirect_to(@listing) : render(:edit, status: :unprocessable_content)
    audit "listing.update", @listing
  end

  def destroy
    authorize @listing
    @listing.destroy!
    audit "listing.destroy", @listing
    redirect_to root_path
  end

  private
    def listing_params = params.expect(listing: [ :title, :about, :weight, :grams, :photo ])
end
