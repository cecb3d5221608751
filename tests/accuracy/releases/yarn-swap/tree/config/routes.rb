Rails.application.routes.draw do
  get "up" => "rails/health#show"
  get "ready" => "ready#show"
  get "privacy" => "pages#privacy"
  resource :session
  resource :second_factor, only: %i[show create]
  resources :passwords, param: :token, only: %i[new create edit update]
  resources :members, only: %i[new create]
  resources :listings do
    resources :offers, only: %i[create]
  end
  resources :offers, only: [] do
    member { post :accept }
  end
  resource :me, only: %i[show destroy], controller: "me" do
    get :export
    patch :consent
  end
  constraints(->(r) { User.staff?(r) }) do
    mount MissionControl::Jobs::Engine, at: "/jobs"
    mount Flipper::UI.app(Flipper), at: "/flags"
  end
  root "listings#index"
end
