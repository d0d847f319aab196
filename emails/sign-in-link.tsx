import { Body, Button, Container, Head, Heading, Html, Preview, Text } from "react-email";

export type SignInLinkProps = { url: string; validMinutes: number };

/** The mail with the link that signs a person in. */
export function SignInLink({ url, validMinutes }: SignInLinkProps) {
  return (
    <Html lang="en">
      <Head />
      <Preview>Your sign-in link, valid for {String(validMinutes)} minutes</Preview>
      <Body style={{ backgroundColor: "#f6f6f4", fontFamily: "system-ui, sans-serif", color: "#1c1d1f" }}>
        <Container
          style={{ backgroundColor: "#ffffff", padding: "32px", borderRadius: "10px", maxWidth: "480px" }}
        >
          <Heading as="h1" style={{ fontSize: "20px", margin: "0 0 16px" }}>
            Sign in
          </Heading>
          <Text>Press the button to sign in. It works once, for {String(validMinutes)} minutes.</Text>
          <Button
            href={url}
            style={{
              backgroundColor: "#14532d",
              color: "#ffffff",
              padding: "12px 20px",
              borderRadius: "8px",
            }}
          >
            Sign in
          </Button>
          <Text style={{ color: "#5b5f66", fontSize: "14px" }}>
            If you did not ask for it, leave it: nothing happens without the button.
          </Text>
        </Container>
      </Body>
    </Html>
  );
}
