"use client";

import { Copy, Ellipsis, Trash2 } from "lucide-react";
import { useState } from "react";
import { Button } from "@/components/button";
import { Field } from "@/components/form/field";
import { IconButton } from "@/components/icon-button";
import { AlertDialog } from "@/components/overlay/alert-dialog";
import { Dialog, DialogClose, DialogFooter } from "@/components/overlay/dialog";
import { Menu, MenuItem, MenuLink, MenuRadioGroup, MenuSeparator } from "@/components/overlay/menu";
import { ToastProvider } from "@/components/overlay/toast-provider";
import { Tooltip } from "@/components/overlay/tooltip";
import { useToast } from "@/components/overlay/use-toast";
import { type ActionState, INITIAL_ACTION_STATE } from "@/lib/domain/action-state";
import { Specimen, Variants } from "./specimen";

export function Overlays() {
  return (
    <ToastProvider>
      <Specimen title="Dialog">
        <Variants label="opened by its button">
          <RenameDialog />
          <Dialog
            trigger={<Button variant="secondary">A long one</Button>}
            title="What changes with version 4"
            description="It scrolls as a whole, so that no button is out of reach on a small screen."
            width="wide"
            footer={<DialogClose render={<Button>Understood</Button>} />}
          >
            <div className="space-y-4 text-muted">
              {Array.from({ length: 14 }, (_, index) => `${index + 1}. Limits are read once per call.`).map(
                (line) => (
                  <p key={line}>{line}</p>
                ),
              )}
            </div>
          </Dialog>
        </Variants>
      </Specimen>
      <Specimen title="Alert dialog">
        <Variants label="succeeds, and fails the first time">
          <RevokeDialog id="succeeds" failure={null} />
          <RevokeDialog id="fails" failure="The payment service does not answer at the moment." />
        </Variants>
      </Specimen>
      <Specimen title="Menu">
        <KeyMenu />
      </Specimen>
      <Specimen title="Tooltip">
        <Tooltip text="Copies the key’s id, not the key">
          <IconButton label="Copy id" icon={Copy} variant="secondary" />
        </Tooltip>
      </Specimen>
      <Specimen title="Toast">
        <ToastButtons />
      </Specimen>
    </ToastProvider>
  );
}

function RenameDialog() {
  const [isOpen, setOpen] = useState(false);
  return (
    <Dialog
      trigger={<Button variant="secondary">Rename key</Button>}
      isOpen={isOpen}
      onOpenChange={setOpen}
      title="Rename key"
      description="The key itself stays as it is."
    >
      <form
        onSubmit={(event) => {
          event.preventDefault();
          setOpen(false);
        }}
      >
        <Field id="rename" label="New name" required defaultValue="Production" />
        <DialogFooter>
          <DialogClose render={<Button variant="secondary">Not now</Button>} />
          <Button type="submit">Rename</Button>
        </DialogFooter>
      </form>
    </Dialog>
  );
}

function RevokeDialog({ id, failure }: { id: string; failure: string | null }) {
  const toast = useToast();
  async function revoke(previous: ActionState): Promise<ActionState> {
    const isRefused = failure !== null && previous.message === null;
    return isRefused
      ? { ...INITIAL_ACTION_STATE, message: failure, code: "stripe_unavailable" }
      : { ...INITIAL_ACTION_STATE, ok: true };
  }
  return (
    <AlertDialog
      trigger={<Button variant="danger">{failure ? "Revoke, with trouble" : "Revoke key"}</Button>}
      title="Revoke “Production”?"
      description="Every program that uses this key stops working at once. This cannot be undone."
      confirmLabel="Revoke key"
      cancelLabel="Keep it"
      action={revoke}
      fields={{ id }}
      onDone={() => toast({ title: "Key revoked" })}
    />
  );
}

function KeyMenu() {
  const [order, setOrder] = useState("newest");
  const [chosen, setChosen] = useState("nothing");
  return (
    <Variants label="actions, links, a choice">
      <Menu
        align="start"
        trigger={
          <Button variant="secondary">
            <Ellipsis aria-hidden className="size-4" /> Actions
          </Button>
        }
      >
        <MenuItem icon={Copy} onSelect={() => setChosen("copy")}>
          Copy id
        </MenuItem>
        <MenuLink href="/pricing">See the plans</MenuLink>
        <MenuItem isDisabled onSelect={() => setChosen("disabled")}>
          Rotate
        </MenuItem>
        <MenuSeparator />
        <MenuRadioGroup
          label="Order"
          value={order}
          onValueChange={setOrder}
          options={[
            { value: "newest", label: "Newest first" },
            { value: "name", label: "By name" },
          ]}
        />
        <MenuSeparator />
        <MenuItem icon={Trash2} isDestructive onSelect={() => setChosen("revoke")}>
          Revoke
        </MenuItem>
      </Menu>
      <p role="status" className="text-small text-muted">
        Chosen: {chosen}
      </p>
    </Variants>
  );
}

function ToastButtons() {
  const toast = useToast();
  return (
    <Variants label="good, bad, with a way back">
      <Button variant="secondary" onClick={() => toast({ title: "Saved", text: "In force from now on." })}>
        Good news
      </Button>
      <Button
        variant="secondary"
        onClick={() => toast({ title: "Not saved", text: "The server does not answer.", tone: "danger" })}
      >
        Bad news
      </Button>
      <Button
        variant="secondary"
        onClick={() =>
          toast({
            title: "Invitation withdrawn",
            action: { label: "Undo", onSelect: () => toast({ title: "Invited again" }) },
          })
        }
      >
        With a way back
      </Button>
    </Variants>
  );
}
