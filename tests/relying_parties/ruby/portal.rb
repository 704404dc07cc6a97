# A portal in Sinatra: OmniAuth's OpenID Connect strategy signs in, refreshes, and the provider's logout leads back.
require "json"
require "openid_connect"
require "omniauth_openid_connect"
require "sinatra/base"

issuer = ENV.fetch("ISSUER")
home = "http://127.0.0.1:#{ENV.fetch("PORT")}"
# The gems look for https unless they are told otherwise: this provider is on the same machine.
[SWD, WebFinger].each { |it| it.url_builder = URI::HTTP }
OmniAuth.config.allowed_request_methods = [:get]
OmniAuth.config.silence_get_warning = true
# A failed sign-in is an answer, not an exception.
OmniAuth.config.on_failure = OmniAuth::FailureEndpoint

class Portal < Sinatra::Base
  set :show_exceptions, false
  set :server, "webrick"
  get("/auth/:name/callback") do
    auth = request.env["omniauth.auth"]
    session["name"] = auth.info.name
    session["refresh"] = auth.credentials.refresh_token
    session["hint"] = auth.credentials.id_token
    JSON.dump(name: session["name"])
  end
  get("/me") { JSON.dump(name: session["name"]) }
  get("/refresh") do
    client = OpenIDConnect::Client.new(
      identifier: ENV.fetch("CLIENT_ID"), secret: ENV.fetch("CLIENT_SECRET"),
      token_endpoint: "#{ENV.fetch("ISSUER")}/oauth2/token"
    )
    client.refresh_token = session["refresh"]
    tokens = client.access_token!(:basic)
    halt 500 if tokens.refresh_token == session["refresh"]
    session["refresh"] = tokens.refresh_token
    JSON.dump(refreshed: true)
  end
  # The strategy's own logout says neither whose it is nor for whom; nobody may be led back by that.
  get("/leaves") do
    fields = { id_token_hint: session["hint"], post_logout_redirect_uri: "#{request.base_url}/goodbye", state: "s" }
    session.clear
    redirect "#{ENV.fetch("ISSUER")}/oidc/logout?#{URI.encode_www_form(fields)}"
  end
  get("/goodbye") { JSON.dump(goodbye: true) }
  get("/auth/failure") { halt 400, JSON.dump(message: params["message"]) }
end

app = Rack::Builder.new do
  use Rack::Session::Cookie, key: "portal", secret: SecureRandom.hex(64)
  use OmniAuth::Builder do
    provider :openid_connect,
      name: :vneid, issuer: issuer, discovery: true, response_type: :code, pkce: true,
      scope: %i[openid profile offline_access], client_auth_method: :basic,
      client_options: {
        identifier: ENV.fetch("CLIENT_ID"), secret: ENV.fetch("CLIENT_SECRET"),
        redirect_uri: "#{home}/auth/vneid/callback"
      }
  end
  run Portal
end
Rack::Handler.get("webrick").run(
  app.to_app, Host: "127.0.0.1", Port: ENV.fetch("PORT"), AccessLog: [], Logger: WEBrick::Log.new($stderr, WEBrick::Log::ERROR)
)
