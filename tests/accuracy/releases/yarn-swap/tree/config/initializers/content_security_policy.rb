Rails.application.configure do
  config.content_security_policy do |p|
    p.default_src :self
    p.img_src :self, "https://cdn.yarnswap.example", :data
    p.script_src :self
    p.style_src :self
    p.frame_ancestors :none
  end
  config.content_security_policy_nonce_generator = ->(r) { r.session.id.to_s }
  config.content_security_policy_nonce_directives = %w[script-src]
end
