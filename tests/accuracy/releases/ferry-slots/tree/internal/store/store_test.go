package store_test

import (
	"context"
	"errors"
	"testing"

	"github.com/google/uuid"

	"ferry.example/slots/internal/store"
	"ferry.example/slots/internal/store/storetest"
)

var who = store.Who{Subject: "t", IP: "127.0.0.1", Request: "r"}

func wanted(metres int) store.Wanted {
	return store.Wanted{Sailing: uuid.MustParse(storetest.Sailing), Haulier: "h", Plate: "AB-12", Driver: "D", Metres: metres}
}

func TestDeckIsNotSoldTwice(t *testing.T) {
	db := storetest.Open(t)
	if _, err := db.Book(context.Background(), wanted(20), who); err != nil {
		t.Fatal(err)
	}
	if _, err := db.Book(context.Background(), wanted(20), who); !errors.Is(err, store.ErrFull) {
		t.Fatalf("second: %v", err)
	}
}

func TestCancelGivesMetresBack(t *testing.T) {
	db := storetest.Open(t)
	b, _ := db.Book(context.Background(), wanted(20), who)
	if err := db.Cancel(context.Background(), b.ID, "another", who); !errors.Is(err, store.ErrNone) {
		t.Fatalf("another haulier: %v", err)
	}
	if err := db.Cancel(context.Background(), b.ID, "h", who); err != nil {
		t.Fatal(err)
	}
	if _, err := db.Book(context.Background(), wanted(20), who); err != nil {
		t.Fatal(err)
	}
}
