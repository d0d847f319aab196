const MESSAGES = {
  en: {
    api_connection_error:
      "We are experiencing issues connecting to our payments provider. You have not been charged. Please check your internet connection and try again.",
    authentication_failure:
      "We are unable to authenticate your payment method. Please choose a different payment method and try again.",
  },
  de: {
    api_connection_error:
      "Wir haben Probleme, eine Verbindung zu unserem Zahlungsanbieter herzustellen. Ihre Karte wurde nicht belastet. Bitte prüfen Sie Ihre Internetverbindung und versuchen Sie es erneut.",
    authentication_failure:
      "Wir können Ihre Zahlungsmethode nicht authentifizieren. Bitte wählen Sie eine andere Zahlungsmethode und versuchen Sie es erneut.",
    card_declined: "Ihre Karte wurde abgelehnt.",
    expired_card: "Ihre Karte ist abgelaufen.",
    incorrect_cvc: "Der Sicherheitscode Ihrer Karte ist falsch.",
    incorrect_number: "Ihre Kartennummer ist falsch.",
    insufficient_funds: "Ihre Karte verfügt nicht über ausreichende Deckung.",
    processing_error:
      "Bei der Verarbeitung Ihrer Karte ist ein Fehler aufgetreten. Versuchen Sie es in Kürze noch einmal.",
  },
  fr: {
    api_connection_error:
      "Nous rencontrons des problèmes de connexion avec notre prestataire de paiement. Aucun montant n'a été prélevé. Vérifiez votre connexion Internet et réessayez.",
    authentication_failure:
      "Nous ne sommes pas en mesure d'authentifier votre moyen de paiement. Choisissez un autre moyen de paiement et réessayez.",
    card_declined: "Votre carte a été refusée.",
    expired_card: "Votre carte a expiré.",
    incorrect_cvc: "Le code de sécurité de votre carte est incorrect.",
    incorrect_number: "Votre numéro de carte est incorrect.",
    insufficient_funds: "Les fonds disponibles sur votre carte sont insuffisants.",
    processing_error:
      "Une erreur s'est produite lors du traitement de votre carte. Réessayez dans quelques instants.",
  },
  es: {
    api_connection_error:
      "Tenemos problemas para conectar con nuestro proveedor de pagos. No se te ha cobrado nada. Comprueba tu conexión a Internet e inténtalo de nuevo.",
    authentication_failure:
      "No podemos autenticar tu método de pago. Elige otro método de pago e inténtalo de nuevo.",
    card_declined: "Tu tarjeta ha sido rechazada.",
    expired_card: "Tu tarjeta ha caducado.",
    incorrect_cvc: "El código de seguridad de tu tarjeta es incorrecto.",
    incorrect_number: "El número de tu tarjeta es incorrecto.",
    insufficient_funds: "Tu tarjeta no tiene fondos suficientes.",
    processing_error:
      "Se ha producido un error al procesar tu tarjeta. Inténtalo de nuevo en unos instantes.",
  },
};

/** What a payer is told in their language; undefined where the API's own words do. */
export function cardErrorMessage(code, language) {
  return MESSAGES[language]?.[code];
}
