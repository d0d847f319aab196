"use client";

import { Download, Plus, RotateCcw, Trash2, X } from "lucide-react";
import { Button } from "@/components/button";
import type { ButtonVariant } from "@/components/button-style";
import { IconButton } from "@/components/icon-button";
import { LinkButton } from "@/components/link-button";
import { TextLink } from "@/components/text-link";
import { Specimen, Variants } from "./specimen";

const VARIANTS: ButtonVariant[] = ["primary", "secondary", "quiet", "danger"];

export function Pressing() {
  return (
    <>
      <Specimen title="Button">
        {VARIANTS.map((variant) => (
          <Variants key={variant} label={variant}>
            <Button variant={variant}>Save changes</Button>
            <Button variant={variant} disabled>
              Disabled
            </Button>
            <Button variant={variant} isBusy>
              Save changes
            </Button>
            <Button variant={variant} size="small">
              Small
            </Button>
            <Button variant={variant} size="small" isBusy>
              Small
            </Button>
          </Variants>
        ))}
        <Variants label="with a sign">
          <Button>
            <Plus aria-hidden className="size-4" /> New API key
          </Button>
          <Button variant="secondary">
            <Download aria-hidden className="size-4" /> Download CSV
          </Button>
        </Variants>
      </Specimen>
      <Specimen title="Icon button">
        <Variants label="regular and small">
          <IconButton label="Close" icon={X} />
          <IconButton label="Refresh" icon={RotateCcw} variant="secondary" />
          <IconButton label="Remove" icon={Trash2} variant="danger" />
          <IconButton label="Refresh, small" icon={RotateCcw} size="small" />
          <IconButton label="Disabled" icon={RotateCcw} disabled />
        </Variants>
      </Specimen>
      <Specimen title="Links">
        <Variants label="that look like buttons">
          <LinkButton href="/pricing">See the plans</LinkButton>
          <LinkButton href="/pricing" variant="secondary">
            See the plans
          </LinkButton>
          <LinkButton href="/pricing" variant="secondary" size="small">
            See the plans
          </LinkButton>
        </Variants>
        <p>
          In a text: every plan stands on the <TextLink href="/pricing">pricing page</TextLink>, and its
          invoices are kept <TextLink href="https://example.com/">elsewhere</TextLink>.
        </p>
      </Specimen>
    </>
  );
}
