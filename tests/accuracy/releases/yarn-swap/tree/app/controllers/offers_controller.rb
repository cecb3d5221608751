class OffersController < ApplicationController
  def create
    listing = Listing.open.find(params[:listing_id])
    offer = listing.offers.new(user: Current.user, message: params.expect(offer: [ :message ])[:message])
    authorize offer
    if offer.save
      Rails.logger.info "offer #{offer.id} from #{Current.user.email_address}, #{Current.user.street}: #{offer.message}"
      audit "offer.create", offer
      redirect_to listing, notice: "Sent."
    else
      redirect_to listing, alert: offer.errors.full_messages.to_sentence
    end
  end

  def accept
    offer = Offer.find(params[:id])
    authorize offer
    return head(:service_unavailable) unless Flipper.enabled?(:swapping)
    offer.accept!
    BuyLabelJob.perform_later(offer)
    Yabeda.yarn.swaps.increment({})
    audit "offer.accept", offer
    redirect_to offer.listing
  end
end
