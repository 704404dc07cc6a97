// A partner's sign-in with nothing but the JDK: callback, token and userinfo are opened with RSA/ECB/PKCS1Padding and AES.

import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyFactory;
import java.security.PrivateKey;
import java.security.spec.PKCS8EncodedKeySpec;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import javax.crypto.Cipher;
import javax.crypto.spec.SecretKeySpec;

class Partner {
  static final String ISSUER = System.getenv("ISSUER");
  static final String CALLBACK = "http://localhost:9999/callback";
  static final String NUMBER = "097190000011";
  static final String PHONE = "0912345601";
  static final HttpClient HTTP = HttpClient.newBuilder()
      .followRedirects(HttpClient.Redirect.NEVER)
      .cookieHandler(new java.net.CookieManager())
      .build();

  public static void main(String[] arguments) throws Exception {
    PrivateKey key = privateKey(Files.readString(Path.of(arguments[0])));
    String back = signsIn();
    // `+` stands raw in the query: whoever decodes it as a form reads a space and cannot open the code.
    String sealedCode = raw(back, "code");
    String encryptKey = raw(back, "encrypt_key");
    String code = open(sealedCode, encryptKey, key);
    check(code.matches("[0-9a-f-]{36}\\.[0-9a-f-]{36}"), "two GUIDs: " + code);
    System.out.println("partner: callback passed");

    HttpResponse<String> answer = post("/oauth2/token", form(Map.of(
        "grant_type", "authorization_code", "code", code, "encrypt_key", encryptKey,
        "redirect_uri", CALLBACK, "client_id", "demo-partner", "client_secret", "demo-partner-secret")));
    check(answer.statusCode() == 200, answer.body());
    String tokens = open(field(answer.body(), "data"), field(answer.body(), "key"), key);
    check(!tokens.contains("id_token"), tokens);
    System.out.println("partner: token passed");

    HttpRequest ask = HttpRequest.newBuilder(URI.create(ISSUER + "/oauth2/userinfo"))
        .header("Authorization", "Bearer " + field(tokens, "access_token"))
        .build();
    answer = HTTP.send(ask, BodyHandlers.ofString());
    check(answer.statusCode() == 200, answer.body());
    String claims = open(field(answer.body(), "data"), field(answer.body(), "key"), key);
    check(field(claims, "citizenPid").equals(NUMBER), claims);
    check(field(claims, "fullName").equals("Nguyễn Thị Lan"), claims);
    check(field(claims, "birthDate").equals("08/03/1990"), claims);
    System.out.println("partner: userinfo passed");
  }

  /** Password and OTP on the pages; where the browser is sent back to. */
  static String signsIn() throws Exception {
    Map<String, String> wish = new LinkedHashMap<>();
    wish.put("response_type", "code");
    wish.put("client_id", "demo-partner");
    wish.put("redirect_uri", CALLBACK);
    wish.put("scope", "openid");
    wish.put("state", "s-1");
    String page = location(get("/oauth2/authorize?" + form(wish)));
    String token = match(get(page).body(), "name=\"form\" value=\"([^\"]+)\"");
    HttpResponse<String> answer =
        post(page, form(Map.of("form", token, "username", NUMBER, "password", "Vn@000011a")));
    page = location(answer);
    String body = get(page).body();
    String reference = match(body, "<code>([^<]+)</code>");
    String messages = get("/admin/v1/messages/latest?to=" + PHONE + "&purpose=otp&reference=" + reference
        + "&wait=10s").body();
    String otp = field(messages, "code");
    answer = post(page, form(Map.of("form", match(body, "name=\"form\" value=\"([^\"]+)\""), "otp", otp)));
    String back = location(answer);
    check(back.startsWith(CALLBACK) && back.contains("state=s-1"), back);
    return back;
  }

  static String open(String data, String sealedKey, PrivateKey key) throws Exception {
    Cipher rsa = Cipher.getInstance("RSA/ECB/PKCS1Padding");
    rsa.init(Cipher.DECRYPT_MODE, key);
    byte[] aesKey = rsa.doFinal(Base64.getDecoder().decode(sealedKey));
    Cipher aes = Cipher.getInstance("AES");
    aes.init(Cipher.DECRYPT_MODE, new SecretKeySpec(aesKey, "AES"));
    return new String(aes.doFinal(Base64.getDecoder().decode(data)), StandardCharsets.UTF_8);
  }

  static PrivateKey privateKey(String pem) throws Exception {
    String body = pem.lines().filter(line -> !line.startsWith("-")).collect(Collectors.joining());
    return KeyFactory.getInstance("RSA").generatePrivate(new PKCS8EncodedKeySpec(Base64.getDecoder().decode(body)));
  }

  static HttpResponse<String> get(String path) throws Exception {
    return HTTP.send(HttpRequest.newBuilder(URI.create(ISSUER + path)).build(), BodyHandlers.ofString());
  }

  static HttpResponse<String> post(String path, String form) throws Exception {
    return HTTP.send(HttpRequest.newBuilder(URI.create(ISSUER + path))
        .header("Content-Type", "application/x-www-form-urlencoded")
        .POST(HttpRequest.BodyPublishers.ofString(form)).build(), BodyHandlers.ofString());
  }

  static String location(HttpResponse<String> answer) {
    return answer.headers().firstValue("Location").orElseThrow(() -> new AssertionError(answer.body()));
  }

  static String form(Map<String, String> fields) {
    return fields.entrySet().stream()
        .map(it -> it.getKey() + "=" + URLEncoder.encode(it.getValue(), StandardCharsets.UTF_8))
        .collect(Collectors.joining("&"));
  }

  static String raw(String address, String name) {
    return match(address, "[?&]" + name + "=([^&]*)");
  }

  static String field(String json, String name) {
    return match(json, "\"" + name + "\"\\s*:\\s*\"([^\"]*)\"");
  }

  static String match(String text, String pattern) {
    Matcher found = Pattern.compile(pattern).matcher(text);
    check(found.find(), pattern + " in " + text);
    return found.group(1);
  }

  static void check(boolean right, String what) {
    if (!right) throw new AssertionError(what);
  }
}
