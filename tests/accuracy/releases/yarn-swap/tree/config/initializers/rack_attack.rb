class Rack::Attack
  throttle("all", limit: 300, period: 5.minutes) { |r| r.ip unless r.path.start_with?("/up", "/ready", "/assets") }
  throttle("sign in by address", limit: 10, period: 3.minutes) { |r| r.ip if r.post? && r.path.in?(%w[/session /passwords /members]) }
  throttle("sign in by name", limit: 6, period: 20.minutes) { |r| r.params["email_address"].to_s.downcase.presence if r.post? && r.path == "/session" }
end
