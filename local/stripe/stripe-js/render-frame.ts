import { ACCOUNT_NAME } from "@/local/stripe/account/account-name";
import { html } from "@/local/stripe/html";

/** Elements that have fields, and so a frame. */
export const FRAME_KINDS = ["payment", "address", "card", "cardNumber", "cardExpiry", "cardCvc"] as const;

/** The document in an Element's frame; its fields are made by the script, in the language the page asks for. */
export function renderFrame(kind: (typeof FRAME_KINDS)[number], now: number): string {
  const script = kind === "address" ? "address-frame" : "card-frame";
  return html`<!doctype html>
<html lang="en" data-kind="${kind}" data-now="${now}" data-business="${ACCOUNT_NAME}">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="robots" content="noindex">
<title>Secure input frame of the local Stripe</title>
<style>${{ markup: STYLES }}</style>
</head>
<body><div id="element"></div><script src="/js/frames/${script}.js"></script></body>
</html>`.markup;
}

const STYLES = `
:root { color-scheme: light; }
* { box-sizing: border-box; } [hidden] { display: none !important; }
body { margin: 0; padding: 3px; background: transparent; color: var(--colorText, #30313d);
  font: var(--fontWeightNormal, 400) var(--fontSizeBase, 16px)/1.4 var(--fontFamily, system-ui, sans-serif); }
.Notice { margin: 0 0 calc(var(--spacingUnit, 4px) * 2); padding: 2px 8px; border-radius: var(--borderRadius, 5px); background: #fff4cf; color: #5b4300; font-size: 13px; }
.Block { display: grid; grid-template-columns: 1fr 1fr; gap: calc(var(--spacingUnit, 4px) * 3); }
.Field { grid-column: 1 / -1; min-width: 0; }
html[data-kind=payment] .Field:has([name=expiry]), html[data-kind=payment] .Field:has([name=cvc]),
html[data-kind=address] .Field:has([name=state]), html[data-kind=address] .Field:has([name=postal_code]) { grid-column: auto; }
.Label { display: block; margin-bottom: var(--spacingUnit, 4px); font-size: .93em; font-weight: var(--fontWeightMedium, 500); }
.Input { width: 100%; min-height: 44px; padding: calc(var(--spacingUnit, 4px) * 2) calc(var(--spacingUnit, 4px) * 3); font: inherit; color: inherit;
  background: var(--colorBackground, #fff); border: 1px solid var(--borderColor, #8792a2); border-radius: var(--borderRadius, 5px); }
.Input::placeholder { color: var(--colorTextPlaceholder, #6d6e78); opacity: 1; }
.Input:focus { outline: 2px solid var(--colorPrimary, #0570de); outline-offset: 0; border-color: var(--colorPrimary, #0570de); }
.Input--invalid { border: 2px solid var(--colorDanger, #df1b41); color: var(--colorDanger, #df1b41); }
.Error { margin: var(--spacingUnit, 4px) 0 0; color: var(--colorDanger, #df1b41); font-size: .93em; }
.TermsText { margin: calc(var(--spacingUnit, 4px) * 3) 0 0; color: var(--colorTextSecondary, #5c5d69); font-size: .87em; }
.Tab { width: 100%; min-height: 44px; padding: calc(var(--spacingUnit, 4px) * 2) calc(var(--spacingUnit, 4px) * 3); text-align: left; font: inherit; font-weight: 600; color: inherit;
  background: var(--colorBackground, #fff); border: 1px solid var(--borderColor, #8792a2); border-radius: var(--borderRadius, 5px); cursor: pointer; }
.Tab:focus-visible { outline: 2px solid var(--colorPrimary, #0570de); }
.Saved { min-width: 0; margin: 0 0 calc(var(--spacingUnit, 4px) * 3); padding: 0; border: 0; } .Saved .Label { padding: 0; }
.SavedRow { display: flex; align-items: center; gap: 8px; min-height: 44px; padding: 0 calc(var(--spacingUnit, 4px) * 3); background: var(--colorBackground, #fff); border: 1px solid var(--borderColor, #8792a2); border-top-width: 0; }
.Saved .Label + .SavedRow { border-top-width: 1px; border-radius: var(--borderRadius, 5px) var(--borderRadius, 5px) 0 0; } .SavedRow:last-child { border-radius: 0 0 var(--borderRadius, 5px) var(--borderRadius, 5px); }
.SavedText { display: flex; flex-wrap: wrap; gap: 0 8px; min-width: 0; } .SavedName { display: flex; flex: 1 1 0; align-items: center; gap: 8px; min-width: 0; min-height: 44px; padding: 4px 0; } label.SavedName, .Check { cursor: pointer; }
.SavedExpiry { color: var(--colorTextSecondary, #5c5d69); }
.SavedRow button { min-height: 32px; padding: 4px 8px; font: inherit; font-size: .93em; color: inherit; background: none; border: 0; border-radius: var(--borderRadius, 5px); text-decoration: underline; cursor: pointer; }
.SavedRow button.Danger { color: var(--colorDanger, #df1b41); }
.Check { display: flex; align-items: center; gap: 8px; min-height: 44px; margin-top: var(--spacingUnit, 4px); }
input[type=radio], input[type=checkbox] { flex: none; width: 18px; height: 18px; margin: 0; accent-color: var(--colorPrimary, #0570de); }
.SavedRow button:focus-visible, input[type=radio]:focus-visible, input[type=checkbox]:focus-visible { outline: 2px solid var(--colorPrimary, #0570de); outline-offset: 2px; }
.Row { display: flex; gap: 4px; } .Row .Input { flex: 1 1 0; min-width: 0; min-height: 28px; padding: 2px; border: 0; border-radius: 2px; background: transparent; }
.Row .Input[name=number] { flex-grow: 3; } .Row .Input--invalid { border: 0; }
@media (max-width: 24rem) { html[data-kind=card] .Row { flex-wrap: wrap; } html[data-kind=card] .Row .Input[name=number] { flex-basis: 100%; } }
`;
